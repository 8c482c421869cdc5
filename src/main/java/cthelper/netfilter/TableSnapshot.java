package cthelper.netfilter;

import java.util.List;
import java.util.Optional;
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

  private static final List<Question> DUMPS =
      List.of(Question.RULES, Question.OBJECTS, Question.FENCE_ELEMENTS, Question.MAP_ELEMENTS);

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
    return messages()
        .filter(NetlinkMessage::isAcknowledgement)
        .flatMap(message -> message.acknowledgement().error().stream())
        .filter(errno -> !errno.equals(Errno.ENOENT))
        .findFirst();
  }

  /** Whether nobody changed the ruleset from the first answer to the last. */
  boolean isOfOneMoment() {
    int generation = generation();
    return generation == generation(Question.GENERATION_AFTER)
        && messages().noneMatch(NetlinkMessage::isInterrupted)
        && messages()
            .filter(NetlinkMessage::isData)
            .allMatch(message -> message.generation() == (generation & 0xffff))
        && DUMPS.stream().allMatch(this::isComplete);
  }

  int generation() {
    return generation(Question.GENERATION_BEFORE);
  }

  Optional<NetlinkAttributes> table() {
    return attributes(Question.TABLE).findFirst();
  }

  Optional<NetlinkAttributes> chain() {
    return attributes(Question.CHAIN).findFirst();
  }

  Optional<NetlinkAttributes> map() {
    return attributes(Question.MAP).findFirst();
  }

  Optional<NetlinkAttributes> fence() {
    return attributes(Question.FENCE).findFirst();
  }

  List<NetlinkAttributes> rules() {
    return attributes(Question.RULES).toList();
  }

  List<NetlinkAttributes> objects() {
    return attributes(Question.OBJECTS).toList();
  }

  List<NetlinkAttributes> fenceElements() {
    return elements(Question.FENCE_ELEMENTS);
  }

  List<NetlinkAttributes> mapElements() {
    return elements(Question.MAP_ELEMENTS);
  }

  private List<NetlinkAttributes> elements(Question question) {
    return attributes(question)
        .flatMap(attributes -> attributes.find(Nft.LIST_ELEMENTS).stream())
        .flatMap(list -> list.nest().all(Nft.LIST_ELEMENT).stream())
        .map(NetlinkAttribute::nest)
        .toList();
  }

  private int generation(Question question) {
    return attributes(question)
        .findFirst()
        .orElseThrow(() -> new MalformedNetlinkException("no answer about the generation"))
        .get(Nft.GENERATION_ID)
        .integer();
  }

  private boolean isComplete(Question dump) {
    return answers.get(dump.step).isDone(dump.request)
        || answers.get(dump.step).acknowledgementOf(dump.request).isPresent();
  }

  private Stream<NetlinkMessage> messages() {
    return answers.stream().flatMap(answered -> answered.messages().stream());
  }

  private Stream<NetlinkAttributes> attributes(Question question) {
    return answers.get(question.step).to(question.request).stream().map(NetlinkMessage::attributes);
  }
}
