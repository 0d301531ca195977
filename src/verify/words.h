// A proof in words.

#ifndef parigot_verify_words_h
#define parigot_verify_words_h

#include <string>

#include "verify/proof.h"

namespace parigot::verify {

// One line for each instruction that is not proved, at most `most`, and the number of the others.
std::string describeUnproved(const WorldProof& proof, size_t most = 20);

// "34 functions of 2 services proved, 1204 accesses; trusted: 3 adapters with 210 instructions, ..".
std::string describeProof(const WorldProof& proof);

} // namespace parigot::verify

#endif // parigot_verify_words_h
