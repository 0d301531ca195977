module parigot-opt/tests/parigot/guest1

go 1.19

require google.golang.org/protobuf v1.33.0
