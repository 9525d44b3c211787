package io.flinkmanaged.examples;

/** The job has ended, but its result is not what the input says. */
final class WrongResultException extends RuntimeException {

    WrongResultException(String message) {
        super(message);
    }
}
