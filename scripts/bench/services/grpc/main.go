// What a call in one world is compared with: the same call between two native processes, over gRPC on loopback.
//
//	grpc server               prints its address
//	grpc client ADDRESS N     calls N times, one after the other; prints the nanoseconds per call
//
// The messages are protobuf's own BytesValue, with 64 bytes, so there is generated code (that of google.golang.org/protobuf)
// and none to generate; the service is described by hand, as protoc-gen-go-grpc would. No TLS, no compression.
package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"log"
	"net"
	"os"
	"strconv"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

const (
	message = 64
	method  = "/bench.v1.Echo/Echo"
)

func main() {
	log.SetFlags(0)
	switch {
	case len(os.Args) == 2 && os.Args[1] == "server":
		serve()
	case len(os.Args) == 4 && os.Args[1] == "client":
		count, err := strconv.Atoi(os.Args[3])
		check(err)
		call(os.Args[2], count)
	default:
		log.Fatal("usage: grpc server | grpc client ADDRESS N")
	}
}

func serve() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	fmt.Println(listener.Addr())
	server := grpc.NewServer()
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: "bench.v1.Echo",
		HandlerType: (*any)(nil),
		Methods:     []grpc.MethodDesc{{MethodName: "Echo", Handler: echo}},
	}, nil)
	check(server.Serve(listener))
}

func echo(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
	request := new(wrapperspb.BytesValue)
	err := decode(request)
	return request, err
}

func call(address string, count int) {
	connection, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	check(err)
	defer connection.Close()
	payload := make([]byte, message)
	once := func(i int) {
		binary.LittleEndian.PutUint64(payload, uint64(i))
		response := new(wrapperspb.BytesValue)
		check(connection.Invoke(context.Background(), method, &wrapperspb.BytesValue{Value: payload}, response))
		if !bytes.Equal(response.Value, payload) {
			log.Fatal("another reply than expected")
		}
	}
	for i := range count/10 + 1 { // connects, and warms up
		once(i)
	}
	started := time.Now()
	for i := range count {
		once(i)
	}
	fmt.Printf("%.1f\n", float64(time.Since(started).Nanoseconds())/float64(count))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
