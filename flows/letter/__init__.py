"""The letter to the prefect."""
