package cthelper.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Properties of the codec, tried on generated values; a seed reproduces a failure. */
class NetlinkCodecTest {

  private static final int MAX_DEPTH = 4;
  private static final int MAX_TYPE = 0x3fff;

  /** An attribute in memory: octets, or a nest of others. */
  private sealed interface Tree {
    record Leaf(int type, List<Byte> octets) implements Tree {}

    record Nest(int type, List<Tree> children) implements Tree {}
  }

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatIsWrittenIsRead(int seed) {
    List<Tree> trees = trees(new Random(seed), 0);
    NetlinkWriter writer = new NetlinkWriter();
    trees.forEach(tree -> write(writer, tree));

    assertThat(read(NetlinkAttributes.read(writer.toBytes()))).isEqualTo(trees);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void requestsComeApartAsTheyWerePutTogether(int seed) {
    Random random = new Random(seed);
    List<List<Tree>> contents =
        IntStream.range(0, 1 + random.nextInt(5)).mapToObj(i -> trees(random, 2)).toList();
    List<NetlinkRequest> requests =
        contents.stream()
            .map(trees -> NetlinkRequest.of(0xa00, 0, Nft.INET, 0, writing(trees)))
            .toList();

    List<NetlinkMessage> messages = NetlinkMessage.readAll(NetlinkRequest.toBytes(requests, seed));

    assertThat(messages)
        .extracting(NetlinkMessage::sequence)
        .isEqualTo(IntStream.range(seed, seed + requests.size()).boxed().toList());
    assertThat(messages.stream().map(message -> read(message.attributes())).toList())
        .isEqualTo(contents);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void damagedDatagramIsReadOrMalformedAndNothingElse(int seed) {
    Random random = new Random(seed);
    for (String name : GoldenBytes.names()) {
      readDeeply(damage(GoldenBytes.of(name), random));
    }
  }

  @Test
  void everyTruncationIsReadOrMalformedAndNothingElse() {
    for (String name : GoldenBytes.names()) {
      byte[] whole = GoldenBytes.of(name);
      for (int length = 0; length < whole.length; length++) {
        readDeeply(Arrays.copyOf(whole, length));
      }
    }
  }

  @Test
  void attributeIsAtMost65535Octets() {
    new NetlinkWriter().bytes(1, new byte[65_531]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NetlinkWriter().bytes(1, new byte[65_532]))
        .withMessage("attribute 1 is too long: 65536 bytes");
  }

  @Test
  void valueOfAnotherSizeIsMalformed() {
    NetlinkAttributes attributes =
        NetlinkAttributes.read(new NetlinkWriter().octet(1, 7).toBytes());

    assertThat(attributes.get(1).octet()).isEqualTo(7);
    assertThatExceptionOfType(MalformedNetlinkException.class)
        .isThrownBy(() -> attributes.get(1).integer())
        .withMessage("attribute 1 has 1 bytes, not 4");
    assertThatExceptionOfType(MalformedNetlinkException.class)
        .isThrownBy(() -> attributes.get(2))
        .withMessage("attribute 2 is missing");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void commentIsReadAsWrittenAndDamagedUserDataIsNone(int seed) {
    Random random = new Random(seed);
    String comment = "x".repeat(random.nextInt(254));
    byte[] userData = NftComment.write(comment);

    assertThat(NftComment.read(userData)).contains(comment);
    NftComment.read(damage(userData, random));
  }

  /** Reads all there is as deep as it goes; only one kind of exception may come of it. */
  private static void readDeeply(byte[] datagram) {
    try {
      for (NetlinkMessage message : NetlinkMessage.readAll(datagram)) {
        try {
          message.acknowledgement();
          message.generation();
          readDeeply(message.attributes(), 0);
        } catch (MalformedNetlinkException e) {
          assertThat(e).hasMessageMatching("(?s).+");
        }
      }
    } catch (MalformedNetlinkException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
  }

  private static void readDeeply(NetlinkAttributes attributes, int depth) {
    for (NetlinkAttribute attribute : attributes.all()) {
      attribute.string();
      if (depth < MAX_DEPTH && attribute.bytes().length >= NetlinkWriter.ATTRIBUTE_HEADER_BYTES) {
        readDeeply(attribute.nest(), depth + 1);
      }
    }
  }

  private static byte[] damage(byte[] bytes, Random random) {
    byte[] damaged = Arrays.copyOf(bytes, bytes.length - random.nextInt(bytes.length / 4 + 1));
    for (int i = random.nextInt(8); i >= 0 && damaged.length > 0; i--) {
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
    }
    return damaged;
  }

  private static List<Tree> trees(Random random, int depth) {
    List<Tree> trees = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      int type = random.nextInt(MAX_TYPE);
      trees.add(
          depth < MAX_DEPTH && random.nextBoolean()
              ? new Tree.Nest(type, trees(random, depth + 1))
              : new Tree.Leaf(type, octets(random)));
    }
    return trees;
  }

  private static List<Byte> octets(Random random) {
    return random.ints(random.nextInt(40)).mapToObj(value -> (byte) value).toList();
  }

  private static Consumer<NetlinkWriter> writing(List<Tree> trees) {
    return writer -> trees.forEach(tree -> write(writer, tree));
  }

  private static void write(NetlinkWriter writer, Tree tree) {
    switch (tree) {
      case Tree.Leaf(int type, List<Byte> octets) -> {
        byte[] bytes = new byte[octets.size()];
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = octets.get(i);
        }
        writer.bytes(type, bytes);
      }
      case Tree.Nest(int type, List<Tree> children) -> writer.nest(type, writing(children));
    }
  }

  private static List<Tree> read(NetlinkAttributes attributes) {
    List<Tree> trees = new ArrayList<>();
    for (NetlinkAttribute attribute : attributes.all()) {
      trees.add(
          attribute.isFlaggedAsNest()
              ? new Tree.Nest(attribute.type(), read(attribute.nest()))
              : new Tree.Leaf(attribute.type(), boxed(attribute.bytes())));
    }
    return trees;
  }

  private static List<Byte> boxed(byte[] bytes) {
    return IntStream.range(0, bytes.length).mapToObj(i -> bytes[i]).toList();
  }
}
