package cthelper.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Namespaces 1 and 2; the writers' port ids are 1674 and 4711. */
class CommitReaderTest {

  private final CommitReader reader = new CommitReader();

  /** The octets of a real kernel. */
  @Test
  void endOfACommitNamesTheWriter() {
    byte[] end =
        HexFormat.of()
            .parseHex(
                "380000000f0a0000020000008a060000"
                    + "000000040800010000000004080002000000068a110003006970746162"
                    + "6c65732d6e667400000000");

    assertThat(reader.read(1, end))
        .containsExactly(new RulesetCommit(1, 1674, 1674, "iptables-nft", List.of(), false));
  }

  @Test
  void commitsOfTwoNamespacesMayComeInTurns() {
    assertThat(reader.read(1, RulesetEvent.element(1674, Nft.DELETE_ELEMENTS))).isEmpty();
    assertThat(reader.read(2, RulesetEvent.element(4711, Nft.NEW_ELEMENTS))).isEmpty();

    assertThat(reader.read(2, RulesetEvent.end(4711)))
        .containsExactly(
            new RulesetCommit(2, 4711, 4711, "nft", List.of("added element to assign"), false));
    assertThat(reader.read(1, RulesetEvent.end(1674)))
        .containsExactly(
            new RulesetCommit(1, 1674, 1674, "nft", List.of("deleted element of assign"), false));
  }

  @Test
  void twoCommitsMayBeInOneDatagram() {
    byte[] datagram =
        RulesetEvent.together(
            RulesetEvent.element(1674, Nft.NEW_ELEMENTS),
            RulesetEvent.end(1674),
            RulesetEvent.end(4711));

    assertThat(reader.read(1, datagram))
        .extracting(RulesetCommit::portId, RulesetCommit::touchesTable)
        .containsExactly(tuple(1674, true), tuple(4711, false));
  }

  @Test
  void hugeCommitIsToldInShort() {
    for (int i = 0; i < 20_000; i++) {
      reader.read(1, RulesetEvent.chain(1674, "chain-" + i));
    }

    assertThat(reader.read(1, RulesetEvent.end(1674)).getFirst().changes())
        .hasSize(9)
        .startsWith("added or changed chain chain-0")
        .endsWith("19992 more");
  }

  @Test
  void namesFromOutsideStayNames() {
    reader.read(1, RulesetEvent.chain(1674, "x\", \"deleted table\n"));

    assertThat(reader.read(1, RulesetEvent.end(1674)).getFirst().changes())
        .containsExactly("added or changed chain \"x\\\", \\\"deleted table\\n\"");
  }

  @Test
  void messageOfALaterKernelIsAChange() {
    reader.read(1, RulesetEvent.element(1674, 0x7f));

    assertThat(reader.read(1, RulesetEvent.end(1674)).getFirst().touchesTable()).isTrue();
  }

  /** A quota that packets have used up. */
  @Test
  void eventOfNobodyIsPartOfNoCommit() {
    reader.read(1, RulesetEvent.element(0, Nft.NEW_ELEMENTS));

    assertThat(reader.read(1, RulesetEvent.end(1674)).getFirst().touchesTable()).isFalse();
  }

  @Test
  void whatIsForgottenIsInNoCommit() {
    reader.read(1, RulesetEvent.element(1674, Nft.NEW_ELEMENTS));
    reader.forgetUnfinished();

    assertThat(reader.read(1, RulesetEvent.end(1674)).getFirst().touchesTable()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 17, 23, 44})
  void cutDatagramMakesNoSense(int length) {
    byte[] cut = Arrays.copyOf(RulesetEvent.element(1674, Nft.NEW_ELEMENTS), length);

    assertThatExceptionOfType(MalformedNetlinkException.class)
        .isThrownBy(() -> reader.read(1, cut));
  }
}
