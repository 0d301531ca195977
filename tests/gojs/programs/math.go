// All functions of JavaScript's Math. ECMAScript leaves the last digits of most of them to each engine (math.toml).
package main

import (
	"fmt"
	"syscall/js"
)

var math = js.Global().Get("Math")

// A number that can be compared: the sign of zero is lost on the way to Go, and NaN has no order.
func call(name string, args ...any) float64 { return math.Call(name, args...).Float() + 0 }

// Numbers of all sizes, the same at each run.
func numbers() []float64 {
	all := []float64{0, 1, -1, 0.5, -0.5, 2, 10, 1000, 0.001, -8, 1e-300, -1e-9, 1e22, 6.02e23, 1e300, 709.5, -745, 3.141592653589793, 1.5707963267948966, 0.99999, 100000.7}
	seed := uint64(12345)
	for len(all) < 300 {
		seed = seed*6364136223846793005 + 1442695040888963407
		number := float64(seed>>11)/(1<<53)*2 - 1
		switch len(all) % 4 {
		case 1:
			number *= 20
		case 2:
			number *= 700
		case 3:
			number *= 1e6
		}
		all = append(all, number)
	}
	return all
}

func main() {
	special := []any{js.Global().Get("NaN"), js.Global().Get("Infinity"), js.Global().Get("Infinity").Float() * -1, js.Undefined(), nil, true}
	for _, name := range []string{"acos", "acosh", "asin", "asinh", "atan", "atanh", "cbrt", "cos", "cosh", "exp", "expm1", "log", "log10", "log1p", "log2",
		"sin", "sinh", "tan", "tanh", "clz32"} {
		for _, x := range numbers() {
			fmt.Println(name, x, call(name, x))
		}
		for _, x := range special {
			fmt.Println(name, call(name, x))
		}
		fmt.Println(name, call(name))
	}
	some := []any{0, 1, -1, -8, 0.5, 3, 1e300, -2, 10, 0.1, 2147483651, 4294967295.5, 1e-300}
	for _, name := range []string{"pow", "atan2", "hypot", "imul"} {
		for _, x := range append(some, special...) {
			for _, y := range append(some, special...) {
				fmt.Println(name, call(name, x, y))
			}
		}
	}
	for i, x := range numbers() {
		y := numbers()[(i*7+3)%300]
		fmt.Println("pow", x, y, call("pow", x, y), call("pow", x*x, y/100), call("pow", x, i%20-10), call("atan2", x, y), call("hypot", x, y, i))
	}
	fmt.Println(call("hypot"), call("hypot", 3, 4, 12, 0.1), call("hypot", 1e200, -1e200), call("clz32", 4294967296.0), call("clz32", 8589934597.5))
	same := math.Get("sin").Equal(math.Get("sin"))
	fmt.Println(same, math.Get("pow").Type(), math.Get("sin").Invoke(1))
}
