def print_hello(name: str) -> None:
    print("Hello " + name + "!")
