// Whether services share globals, slots of tables or data segments.

#ifndef parigot_verify_shared_items_h
#define parigot_verify_shared_items_h

#include <vector>

#include "verify/proof.h"
#include "verify/task_list.h"

namespace parigot::verify {

// What several services touch though it can change, what a service touches and gates write, and slots of tables and
// data segments of several services.
std::vector<Unproved> findSharedItems(const Context& context, const TaskList& tasks);

// The name of the service, or services, with these rights.
std::string nameOf(const Claims& claims, const Rights& rights);

} // namespace parigot::verify

#endif // parigot_verify_shared_items_h
