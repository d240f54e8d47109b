"""`python -m sandbox` is `ecf-sandbox`."""

from sandbox.cli import main

if __name__ == "__main__":
    main()
