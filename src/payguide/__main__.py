"""`python -m payguide` is the `payguide` program."""

from payguide.serve.cli.main import main

main()
