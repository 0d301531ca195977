// The identity of the running program, for keys of what it has made.

#ifndef parigot_support_program_identity_h
#define parigot_support_program_identity_h

#include <string>

namespace parigot {

// The build ids of the program and of all libraries that it has loaded; the path, time and size of a file without one.
// Two programs that can give different results have different identities. Empty if there is a file that cannot be told
// from another.
std::string programIdentity();

} // namespace parigot

#endif // parigot_support_program_identity_h
