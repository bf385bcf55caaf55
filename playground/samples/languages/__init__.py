"""The languages a call can be written in, one small module each: `write(request) -> str`."""
