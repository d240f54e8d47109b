"""Popular HTTP clients that ask a world of this process without a socket."""
