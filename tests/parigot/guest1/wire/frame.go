package wire

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// A frame is a message as it goes over the imports: the magic number, the message's length, the message, and its checksum.
const (
	magic       = uint64(0x1789071417760704)
	frontMatter = 8 + 4
	trailer     = 4
)

// Capacity is the size of a guest's buffer for a framed reply, in bytes: ReadBufferSize of parigot's apiimpl/netconst/const.go:12
// (April 2023, 80a40219). A guest sends no frame of as many either (apiimpl/splitutil/splitutil.go:109-115).
const Capacity = 4096

var koopman = crc32.MakeTable(crc32.Koopman)

// Frame puts a message into a frame.
func Frame(message []byte) []byte {
	frame := make([]byte, frontMatter, frontMatter+len(message)+trailer)
	binary.LittleEndian.PutUint64(frame, magic)
	binary.LittleEndian.PutUint32(frame[8:], uint32(len(message)))
	frame = append(frame, message...)
	return binary.LittleEndian.AppendUint32(frame, crc32.Checksum(message, koopman))
}

// Unframe gives the message in a frame, which it shares bytes with.
func Unframe(frame []byte) ([]byte, error) {
	if len(frame) < frontMatter+trailer {
		return nil, fmt.Errorf("a frame of %d bytes", len(frame))
	}
	if got := binary.LittleEndian.Uint64(frame); got != magic {
		return nil, fmt.Errorf("a frame that begins with %#x", got)
	}
	message := frame[frontMatter : len(frame)-trailer]
	if length := binary.LittleEndian.Uint32(frame[8:]); int(length) != len(message) {
		return nil, fmt.Errorf("a frame around %d bytes says %d", len(message), length)
	}
	if got, sum := binary.LittleEndian.Uint32(frame[len(frame)-trailer:]), crc32.Checksum(message, koopman); got != sum {
		return nil, fmt.Errorf("a frame with checksum %#x of a message with %#x", got, sum)
	}
	return message, nil
}
