package cthelper.netfilter;

import cthelper.model.DesiredHelper;
import cthelper.model.Fence;
import cthelper.model.HelperType;
import cthelper.netfilter.TableReading.Absent;
import cthelper.netfilter.TableReading.Changeable;
import cthelper.netfilter.TableReading.Integrity;
import cthelper.netfilter.TableReading.Ours;
import cthelper.netfilter.TableReading.Ownership;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One transaction on our table, from what was read to the requests of a batch. Pure.
 *
 * <p>The kernel refuses it as a whole if the ruleset's generation has moved since the reading, if
 * the fence is not the one that was read, or if there is a table where none was read.
 */
final class TableChange {

  /** What a request of the batch is for, so that its refusal can be understood. */
  enum Purpose {
    BATCH,
    COMPARE_FENCE,
    NEW_TABLE,
    OBJECT,
    ELEMENTS,
    OTHER
  }

  /**
   * One request of the batch.
   *
   * @param name for a person, for example {@code add object ftp-tcp}
   * @param helpers that cannot be had if it is refused; those of a map's elements in their order
   */
  record Step(Purpose purpose, String name, NetlinkRequest request, List<DesiredHelper> helpers) {}

  /**
   * Elements per message: with the longest object name and a UUID as comment one has 84 bytes, and
   * all of a message together may have 65,535.
   */
  private static final int ELEMENTS_PER_MESSAGE = 700;

  private final List<Step> steps = new ArrayList<>();

  private TableChange(int generation) {
    add(Purpose.BATCH, "begin", NftChanges.batchBegin(generation));
  }

  /**
   * The table holds exactly these helpers at this fence afterwards. A table whose skeleton is
   * intact is never without the rules of helpers that stay.
   *
   * @param owner whether a table that has no owner is to get us as its owner
   */
  static TableChange write(
      Changeable before, Fence next, List<DesiredHelper> helpers, boolean owner) {
    List<DesiredHelper> sorted =
        helpers.stream().sorted(Comparator.comparing(DesiredHelper::spec)).toList();
    TableChange change = new TableChange(before.generation());
    switch (before) {
      case Absent _ -> change.install(next, sorted, owner);
      case Ours ours when mustBeReplaced(ours, owner) -> {
        change.add(Purpose.OTHER, "delete table", NftChanges.deleteTable(TableSchema.TABLE));
        change.install(next, sorted, owner);
      }
      case Ours ours -> change.refill(ours, next, sorted, owner);
    }
    return change.closed();
  }

  /** The table belongs to us afterwards; nothing in it is touched. */
  static TableChange adopt(Ours orphan) {
    TableChange change = new TableChange(orphan.generation());
    change.takeOver();
    return change.closed();
  }

  /** The table is gone afterwards. */
  static TableChange remove(Ours before) {
    TableChange change = new TableChange(before.generation());
    if (before.integrity() != Integrity.SKELETON_DAMAGED) {
      change.compareFence(before.fence());
    }
    change.add(Purpose.OTHER, "delete table", NftChanges.deleteTable(TableSchema.TABLE));
    return change.closed();
  }

  List<Step> steps() {
    return List.copyOf(steps);
  }

  List<NetlinkRequest> requests() {
    List<NetlinkRequest> requests = new ArrayList<>(steps.size());
    for (Step step : steps) {
      requests.add(step.request());
    }
    return requests;
  }

  /** The kernel gives an owner only to a new table or to one that outlived its owner. */
  private static boolean mustBeReplaced(Ours ours, boolean owner) {
    return ours.integrity() == Integrity.SKELETON_DAMAGED
        || (owner && ours.ownership() == Ownership.NONE);
  }

  private void install(Fence next, List<DesiredHelper> helpers, boolean owner) {
    add(Purpose.NEW_TABLE, "add table", TableSchema.table(next.installation(), owner));
    for (NetlinkRequest request : TableSchema.skeleton()) {
      add(Purpose.OTHER, "install", request);
    }
    setFence(next);
    addObjects(helpers, Set.of());
    addElements(helpers);
  }

  private void takeOver() {
    int flags = Nft.FLAG_TABLE_OWNER | Nft.FLAG_TABLE_PERSIST;
    add(
        Purpose.OTHER,
        "adopt table",
        NftChanges.newTable(TableSchema.TABLE, flags, Optional.empty()));
  }

  private void refill(Ours before, Fence next, List<DesiredHelper> helpers, boolean owner) {
    if (owner && before.ownership() == Ownership.ORPHANED) {
      takeOver();
    }
    compareFence(before.fence());
    setFence(next);
    addObjects(helpers, before.objects());
    add(Purpose.OTHER, "empty map", NftChanges.flush(TableSchema.TABLE, TableSchema.MAP));
    addElements(helpers);
    deleteObjects(before.objects(), helpers);
  }

  private void compareFence(Fence expected) {
    add(
        Purpose.COMPARE_FENCE,
        "compare fence " + expected,
        NftChanges.deleteElements(
            TableSchema.TABLE, TableSchema.FENCE, List.of(TableSchema.element(expected))));
  }

  private void setFence(Fence next) {
    add(
        Purpose.OTHER,
        "set fence " + next,
        NftChanges.newElements(
            TableSchema.TABLE, TableSchema.FENCE, List.of(TableSchema.element(next))));
  }

  private void addObjects(List<DesiredHelper> helpers, Set<HelperType> present) {
    SortedMap<String, List<DesiredHelper>> byObject = new TreeMap<>();
    for (DesiredHelper helper : helpers) {
      if (!present.contains(helper.spec().type())) {
        byObject
            .computeIfAbsent(helper.spec().type().objectName(), name -> new ArrayList<>())
            .add(helper);
      }
    }
    byObject.forEach((name, users) ->
        steps.add(
            new Step(
                Purpose.OBJECT,
                "add object " + name,
                NftChanges.newHelper(TableSchema.TABLE, users.getFirst().spec().type()),
                List.copyOf(users))));
  }

  private void addElements(List<DesiredHelper> helpers) {
    for (int from = 0; from < helpers.size(); from += ELEMENTS_PER_MESSAGE) {
      List<DesiredHelper> some =
          helpers.subList(from, Math.min(helpers.size(), from + ELEMENTS_PER_MESSAGE));
      List<SetElement> elements = some.stream().map(TableSchema::element).toList();
      steps.add(
          new Step(
              Purpose.ELEMENTS,
              "fill map",
              NftChanges.newElements(TableSchema.TABLE, TableSchema.MAP, elements),
              some));
    }
  }

  private void deleteObjects(Set<HelperType> present, List<DesiredHelper> helpers) {
    Set<String> used = new TreeSet<>();
    helpers.forEach(helper -> used.add(helper.spec().type().objectName()));
    present.stream()
        .map(HelperType::objectName)
        .filter(name -> !used.contains(name))
        .sorted()
        .forEach(name ->
            add(
                Purpose.OTHER,
                "delete object " + name,
                NftChanges.deleteHelper(TableSchema.TABLE, name)));
  }

  /**
   * Ends the batch so that its success is answered: by the end itself, which the kernel
   * acknowledges after the commit since 6.10, or by the last request before it.
   */
  private TableChange closed() {
    Step last = steps.removeLast();
    steps.add(new Step(last.purpose(), last.name(), last.request().acknowledged(), last.helpers()));
    add(Purpose.BATCH, "commit", NftChanges.batchEnd().acknowledged());
    return this;
  }

  private void add(Purpose purpose, String name, NetlinkRequest request) {
    steps.add(new Step(purpose, name, request, List.of()));
  }
}
