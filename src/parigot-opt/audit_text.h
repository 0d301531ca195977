// The audit of src/gojs/audit.h for people.

#ifndef parigot_opt_audit_text_h
#define parigot_opt_audit_text_h

#include <string>

#include "gojs/audit.h"

namespace parigot {

// What `inspect --browser` prints of a file; begins with it and the verdict, ends
// with a newline.
std::string describeAudit(const std::string& file, const gojs::Audit& audit);

} // namespace parigot

#endif // parigot_opt_audit_text_h
