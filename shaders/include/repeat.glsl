// Text written out several times: A_3(MACRO) is MACRO(0) MACRO(1) MACRO(2). An array that a loop indexes lies in memory on some drivers,
// and costs them seconds to compile; one that only constants index lies in registers. A macro does not expand within itself: where
// one repetition stands within another, they take different letters.

#ifndef REPEAT_GLSL
#define REPEAT_GLSL

#define A_1(MACRO) MACRO(0)
#define A_2(MACRO) A_1(MACRO) MACRO(1)
#define A_3(MACRO) A_2(MACRO) MACRO(2)
#define A_4(MACRO) A_3(MACRO) MACRO(3)
#define A_5(MACRO) A_4(MACRO) MACRO(4)
#define A_6(MACRO) A_5(MACRO) MACRO(5)
#define A_7(MACRO) A_6(MACRO) MACRO(6)
#define A_8(MACRO) A_7(MACRO) MACRO(7)
#define A_9(MACRO) A_8(MACRO) MACRO(8)
#define A_10(MACRO) A_9(MACRO) MACRO(9)
#define A_11(MACRO) A_10(MACRO) MACRO(10)
#define A_12(MACRO) A_11(MACRO) MACRO(11)
#define A_13(MACRO) A_12(MACRO) MACRO(12)
#define A_14(MACRO) A_13(MACRO) MACRO(13)
#define A_15(MACRO) A_14(MACRO) MACRO(14)
#define A_16(MACRO) A_15(MACRO) MACRO(15)
#define A_17(MACRO) A_16(MACRO) MACRO(16)
#define A_18(MACRO) A_17(MACRO) MACRO(17)
#define A_19(MACRO) A_18(MACRO) MACRO(18)
#define A_20(MACRO) A_19(MACRO) MACRO(19)
#define A_21(MACRO) A_20(MACRO) MACRO(20)
#define A_22(MACRO) A_21(MACRO) MACRO(21)
#define A_23(MACRO) A_22(MACRO) MACRO(22)
#define A_24(MACRO) A_23(MACRO) MACRO(23)
#define A_25(MACRO) A_24(MACRO) MACRO(24)

#define B_1(MACRO) MACRO(0)
#define B_2(MACRO) B_1(MACRO) MACRO(1)
#define B_3(MACRO) B_2(MACRO) MACRO(2)
#define B_4(MACRO) B_3(MACRO) MACRO(3)
#define B_5(MACRO) B_4(MACRO) MACRO(4)
#define B_6(MACRO) B_5(MACRO) MACRO(5)
#define B_7(MACRO) B_6(MACRO) MACRO(6)

#define C_1(MACRO) MACRO(0)
#define C_2(MACRO) C_1(MACRO) MACRO(1)
#define C_3(MACRO) C_2(MACRO) MACRO(2)
#define C_4(MACRO) C_3(MACRO) MACRO(3)
#define C_5(MACRO) C_4(MACRO) MACRO(4)
#define C_6(MACRO) C_5(MACRO) MACRO(5)
#define C_7(MACRO) C_6(MACRO) MACRO(6)

#define D_1(MACRO) MACRO(0)
#define D_2(MACRO) D_1(MACRO) MACRO(1)
#define D_3(MACRO) D_2(MACRO) MACRO(2)
#define D_4(MACRO) D_3(MACRO) MACRO(3)
#define D_5(MACRO) D_4(MACRO) MACRO(4)

#define E_1(MACRO) MACRO(0)
#define E_2(MACRO) E_1(MACRO) MACRO(1)
#define E_3(MACRO) E_2(MACRO) MACRO(2)
#define E_4(MACRO) E_3(MACRO) MACRO(3)

#endif
