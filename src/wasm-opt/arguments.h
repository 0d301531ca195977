// Separates --load-pass, which upstream does not know, from the rest of wasm-opt's command line.
#pragma once

#include <string>
#include <vector>

// The two parts of a command line.
struct Arguments {
  std::vector<std::string> plugins;  // the FILE of every --load-pass, in order
  std::vector<const char*> upstream; // everything else, in order, argv[0] included
};

// Takes "--load-pass FILE" and "--load-pass=FILE" out of a command line, at any position. An argument that is the value
// of an upstream option stays a value, even if it reads "--load-pass". Throws std::runtime_error when FILE is missing.
Arguments splitArguments(int argc, const char* const argv[]);
