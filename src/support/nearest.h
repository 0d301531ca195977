// "did you mean": the known word nearest to one that is not known.

#ifndef parigot_support_nearest_h
#define parigot_support_nearest_h

#include <string>
#include <string_view>
#include <vector>

namespace parigot {

// The candidate with the least edit distance to `word`, or an empty string
// when even that one is so far (more than a third of the letters and more than
// two) that naming it would confuse.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

// "; did you mean 'x'?" or an empty string.
std::string didYouMean(std::string_view word, const std::vector<std::string>& candidates);

} // namespace parigot

#endif // parigot_support_nearest_h
