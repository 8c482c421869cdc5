/**
 * The model-based test: the packaged service, real namespaces and random steps of users, of other
 * programs and of bad luck, against a model of what the API has accepted and witnesses that share
 * no code with the service: {@code nft -j list ruleset}, {@code conntrack -L}, and packets.
 *
 * <p>Order of reading: {@link cthelper.truth.Step} (what happens), {@link cthelper.truth.Steps} (in
 * which order), {@link cthelper.truth.Model} (what must be true then), {@link
 * cthelper.truth.Checker} and {@link cthelper.truth.Watcher} (who finds out), {@link
 * cthelper.truth.ModelRun} (the whole). Run by {@code ModelIT} and by {@code ./run model}.
 */
@NullMarked
package cthelper.truth;

import org.jspecify.annotations.NullMarked;
