"""The library that all suites of tests/ share.

    paths      where the repository and its build are, and a suite's folder
    report     the results of tests, and the lines with which a suite reports them
    process    runs commands with a time limit, and compares their outcomes
    tools      parigot-opt, wasm-opt and Binaryen's assembler
    windings   the ways to wind a world, as data
    engines    the engines, the hosts of tests/e2e on them, and the variables of scripts/engines.sh
    parallel   tests in several threads
    compiled   the cache of compiled guests
    go         the Go toolchains
    services   compiles the services of a case in C, Go and Rust
    worlds     a case in the form of tests/e2e; plan and interface are for its run apart
    llvm_lit   LLVM's lit

A suite is a program tests/SUITE/run.py that puts tests/ into sys.path and imports what it needs.
"""
