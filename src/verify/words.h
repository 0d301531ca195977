// A proof in words.

#ifndef parigot_verify_words_h
#define parigot_verify_words_h

#include <functional>
#include <optional>
#include <string>

#include "verify/proof.h"

namespace parigot::verify {

// Where the instruction of an issue is in the file, if that is known.
using OffsetOf = std::function<std::optional<uint64_t>(const Issue&)>;

// One line for each instruction that is not proved, at most `most`, and the number of the others.
std::string describeUnproved(const WorldProof& proof, std::optional<size_t> most = {}, const OffsetOf& offsetOf = {});

// "34 functions of 2 services proved, 1204 accesses; trusted: 3 adapters with 210 instructions, ..".
std::string describeProof(const WorldProof& proof);

} // namespace parigot::verify

#endif // parigot_verify_words_h
