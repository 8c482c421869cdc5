package cthelper.stream;

import cthelper.model.DriftRepairs;
import cthelper.model.Placement;
import cthelper.stream.wire.Drifted;

/** What others did to a table, to and from the wire. Pure. */
final class WireDrift {

  private WireDrift() {}

  static Drifted drifted(Placement placement, DriftRepairs drift) {
    return Drifted.newBuilder()
        .setPlace(WireValues.place(placement))
        .setCount(drift.count())
        .setWhat(drift.what())
        .setProgram(drift.program())
        .setPid(drift.pid())
        .build();
  }

  static DriftRepairs drift(Drifted message) {
    if (message.getCount() < 1) {
      throw new MalformedMessage("a drift that was none");
    }
    return new DriftRepairs(
        message.getCount(), message.getWhat(), message.getProgram(), message.getPid());
  }

  /** One report for two of the same placement, of which the first was not sent yet. */
  static Drifted added(Drifted earlier, Drifted later) {
    return later.toBuilder().setCount(Math.addExact(earlier.getCount(), later.getCount())).build();
  }
}
