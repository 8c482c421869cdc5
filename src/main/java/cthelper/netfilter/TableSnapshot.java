package cthelper.netfilter;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The kernel's answers about our table: asked in several steps, usable if all are of one moment.
 *
 * <p>Every message carries the low half of the ruleset's generation, and the whole of it is asked
 * first and last. Only that is reliable: the kernel flags an interrupted dump of rules, but not one
 * of elements. Pure.
 */
record TableSnapshot(List<Exchange.Answered> answers) {

  /** What to ask, step by step; a step ends with its only dump. */
  static final List<List<NetlinkRequest>> QUESTIONS =
      List.of(
          List.of(
              NftQueries.generation(),
              NftQueries.table(TableSchema.TABLE),
              NftQueries.chain(TableSchema.TABLE, TableSchema.CHAIN),
              NftQueries.set(TableSchema.TABLE, TableSchema.MAP),
              NftQueries.set(TableSchema.TABLE, TableSchema.FENCE),
              NftQueries.rules(TableSchema.TABLE)),
          List.of(NftQueries.objects(TableSchema.TABLE)),
          List.of(NftQueries.elements(TableSchema.TABLE, TableSchema.FENCE)),
          List.of(NftQueries.elements(TableSchema.TABLE, TableSchema.MAP)),
          List.of(NftQueries.generation()));

  private static final Set<Question> DUMPS =
      EnumSet.of(Question.RULES, Question.OBJECTS, Question.FENCE_ELEMENTS, Question.MAP_ELEMENTS);

  /** Where the answers to a question are: the step, and the request within it. */
  private enum Question {
    GENERATION_BEFORE(0, 0),
    TABLE(0, 1),
    CHAIN(0, 2),
    MAP(0, 3),
    FENCE(0, 4),
    RULES(0, 5),
    OBJECTS(1, 0),
    FENCE_ELEMENTS(2, 0),
    MAP_ELEMENTS(3, 0),
    GENERATION_AFTER(4, 0);

    private final int step;
    private final int request;

    Question(int step, int request) {
      this.step = step;
      this.request = request;
    }
  }

  TableSnapshot {
    answers = List.copyOf(answers);
  }

  /** Why the kernel did not answer something, other than by "there is none". */
  Optional<Errno> error() {
    for (Exchange.Answered answered : answers) {
      Optional<Errno> error = answered.error();
      if (error.isPresent()) {
        return error;
      }
    }
    return Optional.empty();
  }

  /** Whether all was answered, and nobody changed the ruleset from the first to the last. */
  boolean isOfOneMoment() {
    int generation = generation();
    return generation == generation(Question.GENERATION_AFTER)
        && answers.stream().allMatch(answered -> answered.isAllOf(generation))
        && Stream.of(Question.values()).allMatch(this::isAnswered);
  }

  int generation() {
    return generation(Question.GENERATION_BEFORE);
  }

  Optional<NetlinkAttributes> table() {
    return attributes(Question.TABLE).stream().findFirst();
  }

  Optional<NetlinkAttributes> chain() {
    return attributes(Question.CHAIN).stream().findFirst();
  }

  Optional<NetlinkAttributes> map() {
    return attributes(Question.MAP).stream().findFirst();
  }

  Optional<NetlinkAttributes> fence() {
    return attributes(Question.FENCE).stream().findFirst();
  }

  List<NetlinkAttributes> rules() {
    return attributes(Question.RULES);
  }

  List<NetlinkAttributes> objects() {
    return attributes(Question.OBJECTS);
  }

  List<NetlinkAttributes> fenceElements() {
    return elements(Question.FENCE_ELEMENTS);
  }

  List<NetlinkAttributes> mapElements() {
    return elements(Question.MAP_ELEMENTS);
  }

  private List<NetlinkAttributes> elements(Question question) {
    List<NetlinkAttributes> elements = new ArrayList<>();
    for (NetlinkAttributes attributes : attributes(question)) {
      Optional<NetlinkAttribute> list = attributes.find(Nft.LIST_ELEMENTS);
      if (list.isPresent()) {
        for (NetlinkAttribute element : list.get().nest().all(Nft.LIST_ELEMENT)) {
          elements.add(element.nest());
        }
      }
    }
    return elements;
  }

  private int generation(Question question) {
    List<NetlinkAttributes> answer = attributes(question);
    if (answer.isEmpty()) {
      throw new MalformedNetlinkException("no answer about the generation");
    }
    return answer.getFirst().get(Nft.GENERATION_ID).integer();
  }

  /** By a no, by the end of a dump, or by one thing: silence does not mean that there is none. */
  private boolean isAnswered(Question question) {
    Exchange.Answered answered = answers.get(question.step);
    return answered.acknowledgementOf(question.request).isPresent()
        || (DUMPS.contains(question)
            ? answered.isDone(question.request)
            : !answered.to(question.request).isEmpty());
  }

  private List<NetlinkAttributes> attributes(Question question) {
    List<NetlinkAttributes> attributes = new ArrayList<>();
    for (NetlinkMessage message : answers.get(question.step).to(question.request)) {
      attributes.add(message.attributes());
    }
    return attributes;
  }
}
