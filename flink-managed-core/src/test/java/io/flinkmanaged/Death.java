package io.flinkmanaged;

import io.flinkmanaged.MortalProcess.Moment;

/**
 * The death of a library in the middle of an action on a real cluster.
 *
 * @param action what the library is about
 * @param moment when it dies
 * @param fromTheStart whether it may die as soon as it operates the cluster; otherwise when that is well, and jobs run
 * @param due has the action become due; blocks, or returns at once if the supervisor acts by itself
 * @param claims how many epochs it begins itself before it dies
 * @param healing what the next library has to do; empty if it dies, too, before all is well
 */
record Death(String action, Moment moment, boolean fromTheStart, Due due, int claims, Healing healing) {

    /** A death that strikes a library whose cluster is well. */
    static Death of(String action, Moment moment, Due due, Healing healing) {
        return new Death(action, moment, false, due, 0, healing);
    }

    /** The same one of a library that has begun an epoch before. */
    Death inAnEpochOfItsOwn() {
        return new Death(action, moment, fromTheStart, due, 1, healing);
    }

    String when() {
        return (moment.after() ? "after " : "before ")
                + moment.call()
                + (moment.count() == 1 ? "" : " " + moment.count());
    }

    /** Makes an action due. */
    @FunctionalInterface
    interface Due {
        void inflict(Scene scene) throws Exception;
    }
}
