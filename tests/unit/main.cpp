// The main of unit-tests. It has a file of its own because Catch2 takes long to compile it.
//
//   build/bin/unit-tests                 all
//   build/bin/unit-tests "[load-pass]"   those with a tag

#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
