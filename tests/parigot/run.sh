#!/usr/bin/env bash
# parigot's processes, apart under a reference host and wound into one module on real engines. See README.md.
#
#   tests/parigot/run.sh                   all cases
#   tests/parigot/run.sh chain cycle       only these
#   tests/parigot/run.sh --apart           only under the reference host
#   tests/parigot/run.sh --update          record what the processes print apart as what is expected
exec "$(dirname "${BASH_SOURCE[0]}")/../with-engines.sh" parigot "$@"
