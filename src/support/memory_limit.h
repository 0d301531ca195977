// Lets the system refuse memory that this machine does not have.
//
// A damaged file can ask for more than any machine has. The allocator maps what it is asked for, and the system grants
// that until it is touched; the process would then be killed. With a limit the request fails at once, and the error
// names the file.

#ifndef parigot_support_memory_limit_h
#define parigot_support_memory_limit_h

namespace parigot {

// Limits the address space of this process to what the machine has of memory and swap, and 4 GiB for libraries and the
// allocator's reserves. A lower limit stays. Does nothing where the system does not say.
void limitMemory();

} // namespace parigot

#endif // parigot_support_memory_limit_h
