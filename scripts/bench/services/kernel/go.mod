module parigot-opt/bench/kernel

go 1.25.0

require parigot-opt/tests/parigot v0.0.0

require google.golang.org/protobuf v1.36.12 // indirect

replace parigot-opt/tests/parigot => ../../../../tests/parigot
