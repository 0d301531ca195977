// The part of wasm-opt's command line that upstream does not know: --load-pass.
#pragma once

#include <string>
#include <vector>

// A command line, sorted into what is ours and what is upstream's.
struct Arguments {
  std::vector<std::string> plugins;  // the FILE of every --load-pass, in order
  std::vector<const char*> upstream; // everything else, in order, argv[0] included
};

// Takes "--load-pass FILE" and "--load-pass=FILE" out of a command line, wherever they stand. What follows an option of
// upstream that takes a value is that value, even when it reads "--load-pass". Throws std::runtime_error when FILE is
// missing.
Arguments splitArguments(int argc, const char* const argv[]);
