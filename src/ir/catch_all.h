// Code that runs before an exception leaves a function.
//
//   BODY   =>   (block $done
//                (local.set $e (block $caught (result exnref)
//                 (try_table (catch_all_ref $caught) BODY)
//                 (br $done)))
//                RESTORE
//                (throw_ref (local.get $e)))
//
// or the same as (try (do BODY) (catch_all RESTORE (rethrow))), where the module has the legacy encoding.

#ifndef parigot_ir_catch_all_h
#define parigot_ir_catch_all_h

#include <functional>
#include <string>

#include "ir/exceptions.h"
#include "ir/function_builder.h"

namespace parigot {

// Adds the body that the function has to `code`, made so that it runs `restore` before an exception leaves it, in the
// encoding that the module uses. `restore` emits its statements with code.add(). Adds the features that this needs. The
// names of labels end with `suffix`, which differs where a function gets such code twice.
void catchAll(FunctionBuilder& code,
              const ExceptionEncodings& exceptions,
              const std::function<void()>& restore,
              const std::string& suffix = "");

} // namespace parigot

#endif // parigot_ir_catch_all_h
