"""`python -m ecf_sandbox` is `ecf-sandbox`."""

from ecf_sandbox.cli.main import main

if __name__ == "__main__":
    main()
