package cthelper.store;

import cthelper.model.DesiredState;
import cthelper.model.Placement;

/**
 * A placement whose node is to be asked now.
 *
 * @param desired fence and helpers of one snapshot; without helpers for a deleted router (forget)
 * @param attempts how often asking has failed since it last went well, for the back-off
 */
public record DueWork(Placement placement, DesiredState desired, int attempts) {}
