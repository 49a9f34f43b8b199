//go:build amd64 && !purego && !noocr

#include "textflag.h"

// One row of the tile: broadcasts a's value and adds its products with the 24
// columns in Y0, Y1 and Y2 to the row's three registers.
#define ROW(addr, r0, r1, r2) \
	VBROADCASTSS addr, Y3      \
	VFMADD231PS  Y0, Y3, r0    \
	VFMADD231PS  Y1, Y3, r1    \
	VFMADD231PS  Y2, Y3, r2

#define LOAD(at, r0, r1, r2) \
	VMOVUPS (at), r0          \
	VMOVUPS 32(at), r1        \
	VMOVUPS 64(at), r2

#define STORE(at, r0, r1, r2) \
	VMOVUPS r0, (at)           \
	VMOVUPS r1, 32(at)         \
	VMOVUPS r2, 64(at)

// func tileFast(k int, a *float32, lda int, b *float32, c *float32, ldc int)
TEXT ·tileFast(SB), NOSPLIT, $0-48
	MOVQ k+0(FP), CX
	MOVQ a+8(FP), AX      // AX, R8, R9, R10: the rows of a
	MOVQ lda+16(FP), BX
	MOVQ b+24(FP), SI
	MOVQ c+32(FP), DI     // DI, R11, R12, R13: the rows of c
	MOVQ ldc+40(FP), DX
	LEAQ (AX)(BX*4), R8
	LEAQ (R8)(BX*4), R9
	LEAQ (R9)(BX*4), R10
	LEAQ (DI)(DX*4), R11
	LEAQ (R11)(DX*4), R12
	LEAQ (R12)(DX*4), R13
	LOAD(DI, Y4, Y5, Y6)
	LOAD(R11, Y7, Y8, Y9)
	LOAD(R12, Y10, Y11, Y12)
	LOAD(R13, Y13, Y14, Y15)
	XORQ BX, BX           // the index in the rows of a

next:
	LOAD(SI, Y0, Y1, Y2)
	ROW((AX)(BX*4), Y4, Y5, Y6)
	ROW((R8)(BX*4), Y7, Y8, Y9)
	ROW((R9)(BX*4), Y10, Y11, Y12)
	ROW((R10)(BX*4), Y13, Y14, Y15)
	ADDQ $96, SI
	INCQ BX
	CMPQ BX, CX
	JLT  next
	STORE(DI, Y4, Y5, Y6)
	STORE(R11, Y7, Y8, Y9)
	STORE(R12, Y10, Y11, Y12)
	STORE(R13, Y13, Y14, Y15)
	VZEROUPPER
	RET

// func slideRow(out *float32, n int, in *float32, width int, kernel *float32, kh, kw int)
TEXT ·slideRow(SB), NOSPLIT, $0-56
	MOVQ out+0(FP), DI
	MOVQ n+8(FP), CX
	MOVQ in+16(FP), SI
	MOVQ width+24(FP), R8
	SHLQ $2, R8

columns:
	VMOVUPS (DI), Y0
	VMOVUPS 32(DI), Y1
	MOVQ    kernel+32(FP), BX
	MOVQ    kh+40(FP), R9
	MOVQ    SI, R10

rows:
	MOVQ kw+48(FP), R11
	MOVQ R10, R12

places:
	VBROADCASTSS (BX), Y2
	VFMADD231PS  (R12), Y2, Y0
	VFMADD231PS  32(R12), Y2, Y1
	ADDQ         $4, BX
	ADDQ         $4, R12
	DECQ         R11
	JNZ          places
	ADDQ         R8, R10
	DECQ         R9
	JNZ          rows
	VMOVUPS      Y0, (DI)
	VMOVUPS      Y1, 32(DI)
	ADDQ         $64, DI
	ADDQ         $64, SI
	SUBQ         $16, CX
	JNZ          columns
	VZEROUPPER
	RET

// func swishFast(values *float32, n int, scale, shift float32)
TEXT ·swishFast(SB), NOSPLIT, $0-24
	MOVQ         values+0(FP), DI
	MOVQ         n+8(FP), CX
	VBROADCASTSS scale+16(FP), Y4
	VBROADCASTSS shift+20(FP), Y5
	MOVL         $0x40400000, AX // 3
	VMOVD        AX, X6
	VBROADCASTSS X6, Y6
	VADDPS       Y6, Y6, Y7      // 6
	VXORPS       Y8, Y8, Y8

eight:
	VMOVUPS (DI), Y0
	VADDPS  Y6, Y0, Y1
	VMAXPS  Y8, Y1, Y1
	VMINPS  Y7, Y1, Y1
	VMULPS  Y0, Y1, Y1
	VMULPS  Y4, Y1, Y1
	VADDPS  Y5, Y1, Y1
	VMOVUPS Y1, (DI)
	ADDQ    $32, DI
	SUBQ    $8, CX
	JNZ     eight
	VZEROUPPER
	RET
