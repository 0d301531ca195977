"""What the suites of tests/ have in common.

    paths      where the repository and its build are, and a suite's folder
    report     what tests came to, and the lines that a suite reports it with
    process    commands with a time limit, and what runs are compared by
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
