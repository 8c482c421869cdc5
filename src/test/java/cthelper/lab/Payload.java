package cthelper.lab;

import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;

/** Bytes that were sent or received; equal when every byte is. */
public final class Payload {

  private final byte[] bytes;

  private Payload(byte[] bytes) {
    this.bytes = bytes;
  }

  public static Payload of(byte[] bytes) {
    return new Payload(bytes.clone());
  }

  /** Random bytes, the same for the same seed. */
  public static Payload random(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return new Payload(bytes);
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  public int length() {
    return bytes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload payload && Arrays.equals(bytes, payload.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    return "%d bytes with checksum %08x".formatted(bytes.length, checksum.getValue());
  }
}
