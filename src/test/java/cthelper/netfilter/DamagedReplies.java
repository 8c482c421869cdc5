package cthelper.netfilter;

import static cthelper.netfilter.NetlinkMessage.HEADER_BYTES;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * What a broken kernel might answer: a generator of malformed netlink replies, made from true ones.
 * Two damages at most come over the answers to one message, often none.
 */
public final class DamagedReplies implements UnaryOperator<List<byte[]>> {

  private static final int MOST_REMEMBERED = 64;
  private static final int TYPE_OFFSET = 4;
  private static final int FLAGS_OFFSET = 6;
  private static final int SEQUENCE_OFFSET = 8;
  private static final int DUMP_INTERRUPTED = 0x10;

  private final Random random;
  private final List<byte[]> earlier = new ArrayList<>();

  public DamagedReplies(Random random) {
    this.random = random;
  }

  /** A way in which answers can be wrong. */
  private enum Kind {
    TRUNCATED,
    DUPLICATED,
    REORDERED,
    DROPPED,
    WRONG_SEQUENCE,
    WRONG_MESSAGE_LENGTH,
    WRONG_ATTRIBUTE_LENGTH,
    FLIPPED,
    OF_ANOTHER_REQUEST,
    NEVER_DONE,
    INTERRUPTED
  }

  @Override
  public List<byte[]> apply(List<byte[]> answers) {
    List<byte[]> damaged = new ArrayList<>();
    answers.forEach(answer -> damaged.add(answer.clone()));
    for (int i = random.nextInt(3); i > 0 && !damaged.isEmpty(); i--) {
      damage(damaged, Kind.values()[random.nextInt(Kind.values().length)]);
    }
    answers.forEach(this::remember);
    return damaged;
  }

  private void damage(List<byte[]> answers, Kind kind) {
    int which = random.nextInt(answers.size());
    byte[] answer = answers.get(which);
    switch (kind) {
      case TRUNCATED -> answers.set(which, slice(answer, 0, random.nextInt(answer.length + 1)));
      case DUPLICATED -> answers.add(random.nextInt(answers.size() + 1), answer.clone());
      case REORDERED -> Collections.shuffle(answers, random);
      case DROPPED -> answers.remove(which);
      case WRONG_SEQUENCE -> putInt(answer, SEQUENCE_OFFSET, wrongSequence(answer));
      case WRONG_MESSAGE_LENGTH -> putInt(answer, 0, wrongLength());
      case WRONG_ATTRIBUTE_LENGTH -> putShort(answer, attributeOffset(answer), wrongLength());
      case FLIPPED -> flip(answer);
      case OF_ANOTHER_REQUEST -> answers.set(which, ofAnotherRequest(answer));
      case NEVER_DONE -> answers.replaceAll(DamagedReplies::withoutDone);
      case INTERRUPTED -> putShort(answer, FLAGS_OFFSET, DUMP_INTERRUPTED | 2);
    }
  }

  private int wrongSequence(byte[] answer) {
    return answer.length < HEADER_BYTES || random.nextBoolean()
        ? random.nextInt()
        : host(answer).getInt(SEQUENCE_OFFSET) + random.nextInt(5) - 2;
  }

  private int wrongLength() {
    return random.nextBoolean() ? random.nextInt(64) : random.nextInt();
  }

  private int attributeOffset(byte[] answer) {
    return NetlinkRequest.ATTRIBUTES_OFFSET + 4 * random.nextInt(1 + answer.length / 4);
  }

  private void flip(byte[] answer) {
    for (int i = random.nextInt(4); i >= 0 && answer.length > 0; i--) {
      answer[random.nextInt(answer.length)] = (byte) random.nextInt();
    }
  }

  /** An earlier answer, mostly under the number of this one. */
  private byte[] ofAnotherRequest(byte[] answer) {
    if (earlier.isEmpty() || answer.length < HEADER_BYTES) {
      return answer;
    }
    byte[] other = earlier.get(random.nextInt(earlier.size())).clone();
    if (random.nextInt(4) > 0) {
      putInt(other, SEQUENCE_OFFSET, host(answer).getInt(SEQUENCE_OFFSET));
    }
    return other;
  }

  private void remember(byte[] answer) {
    if (earlier.size() == MOST_REMEMBERED) {
      earlier.remove(random.nextInt(MOST_REMEMBERED));
    }
    earlier.add(answer);
  }

  /** Ends of dumps come last in their datagram, if they do not have one of their own. */
  private static byte[] withoutDone(byte[] answer) {
    int at = 0;
    while (answer.length - at >= HEADER_BYTES) {
      int length = host(answer).getInt(at);
      if (host(answer).getShort(at + TYPE_OFFSET) == NetlinkMessage.TYPE_DONE) {
        return slice(answer, 0, at);
      }
      if (length < HEADER_BYTES || length > answer.length - at) {
        break;
      }
      at += NetlinkWriter.padded(length);
    }
    return answer;
  }

  private static void putInt(byte[] answer, int offset, int value) {
    if (offset + Integer.BYTES <= answer.length) {
      host(answer).putInt(offset, value);
    }
  }

  private static void putShort(byte[] answer, int offset, int value) {
    if (offset + Short.BYTES <= answer.length) {
      host(answer).putShort(offset, (short) value);
    }
  }

  private static byte[] slice(byte[] answer, int from, int to) {
    return Arrays.copyOfRange(answer, from, to);
  }

  private static ByteBuffer host(byte[] answer) {
    return ByteBuffer.wrap(answer).order(ByteOrder.nativeOrder());
  }
}
