// Lets Go compile functions without a body, which linkname gives one.
