"""What people write while the soak runs: short and long, six languages, nothing of anybody."""

PHRASES = (
    "Bonjour, je n'arrive pas à avoir de rendez-vous à Bobigny pour renouveler ma carte salarié",
    "Hello, I can't book an appointment in Lyon for my student permit",
    "السلام عليكم، لا أستطيع حجز موعد في المحافظة",
    "Здравствуйте, не могу записаться в префектуру",
    "Buenos días, no encuentro cita en la prefectura de Marsella",
    "您好，我在里昂约不到号",
    "oui",
    "non",
    "depuis trois semaines",
    "ça expire le 20/01/2027",
    "à Créteil",
    "je ne sais pas",
    "est-ce que vous gardez mes données ?",
    "où trouver une association près de chez moi ?",
    "merci beaucoup",
)
