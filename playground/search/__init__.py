"""Finding a run by what was said in it: texts become words, a question becomes words, a hit is shown in its place.

Pure: no Django, no database. Postgres only compares words with words.
"""
