// "did you mean": the known word that is nearest to an unknown one.

#ifndef parigot_support_nearest_h
#define parigot_support_nearest_h

#include <string>
#include <string_view>
#include <vector>

namespace parigot {

// The candidate with the least edit distance to `word`. The result is empty when that distance is more than two and
// more than a third of the letters: such a suggestion would confuse.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

// "; did you mean 'x'?" or an empty string.
std::string didYouMean(std::string_view word, const std::vector<std::string>& candidates);

} // namespace parigot

#endif // parigot_support_nearest_h
