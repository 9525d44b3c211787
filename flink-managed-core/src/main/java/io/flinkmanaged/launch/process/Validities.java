package io.flinkmanaged.launch.process;

import io.flinkmanaged.launch.EndingCertificate;
import io.flinkmanaged.launch.process.NodeProcesses.Seat;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.security.Validity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

/** Until when the certificates of an epoch's processes hold. A process keeps those that it began with. */
final class Validities {

    private final EpochSecurity security;
    private final Function<HostProcess, Optional<Instant>> readKeys;
    private final Map<Seat, Validity> ofSeats = new ConcurrentSkipListMap<>();

    /**
     * Creates it for processes that take their seats later.
     *
     * @param security tells how long keys hold
     * @param readKeys tells when a process has read its own; empty if it has none
     */
    Validities(EpochSecurity security, Function<HostProcess, Optional<Instant>> readKeys) {
        this.security = security;
        this.readKeys = readKeys;
    }

    static Validities in(EpochHome home) {
        return new Validities(home.security(), home::readItsKeys);
    }

    void note(Seat seat, HostProcess process) {
        of(process).ifPresent(validity -> ofSeats.put(seat, validity));
    }

    /** Returns those that should be given new ones. */
    List<EndingCertificate> ending(Instant now) {
        List<EndingCertificate> ending = new ArrayList<>();
        ofSeats.forEach((seat, validity) -> {
            if (!validity.renewAt().isAfter(now)) {
                ending.add(new EndingCertificate(seat.node(), seat.kind(), validity.expires()));
            }
        });
        return ending;
    }

    /** Refuses processes that nobody can speak to any more. */
    void requireValid(List<HostProcess> processes, Instant now) {
        for (HostProcess process : processes) {
            Optional<Instant> expires = of(process).map(Validity::expires);
            if (expires.filter(end -> !end.isAfter(now)).isPresent()) {
                throw InvalidInputException.of(
                        "certificate of " + process.startedAs() + " (" + process.id() + ")",
                        "ended on " + expires.get(),
                        "one that holds",
                        "End " + processes.stream().map(HostProcess::id).toList()
                                + ", which refuse each other, and operate the cluster again: a new epoch with new "
                                + "certificates continues its jobs.");
            }
        }
    }

    private Optional<Validity> of(HostProcess process) {
        return readKeys.apply(process).flatMap(security::validityOf);
    }
}
