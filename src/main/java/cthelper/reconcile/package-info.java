/**
 * Makes every placement agree with its router: what is due, who is asked, what is recorded, when to
 * try again.
 */
@NullMarked
package cthelper.reconcile;

import org.jspecify.annotations.NullMarked;
