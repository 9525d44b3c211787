package io.flinkmanaged.benchmarks;

/** Work for a processor. */
final class Arithmetic {

    private static final int ROUNDS = 16;

    private Arithmetic() {}

    /** Mixes the bits, as SplitMix64 does, a few times over. */
    static long scramble(long number) {
        long mixed = number;
        for (int round = 0; round < ROUNDS; round++) {
            mixed += 0x9e3779b97f4a7c15L;
            mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
            mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
            mixed ^= mixed >>> 31;
        }
        return mixed;
    }

    /** Works in floating point: a few steps of Newton's for a square root. */
    static long smooth(long number) {
        double target = Math.abs((double) number) + 1;
        double root = target;
        for (int round = 0; round < ROUNDS; round++) {
            root = (root + target / root) / 2;
        }
        return number ^ Double.doubleToLongBits(root);
    }
}
