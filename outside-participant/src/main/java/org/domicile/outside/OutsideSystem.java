package org.domicile.outside;

import io.smallrye.mutiny.Uni;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.participant.Participant;

/** A participant whose data is another system's, which may have had accounts before it took part. */
public interface OutsideSystem extends Participant {
    /** One step towards taking part, repeated until done. @return whether all accounts' data can be moved */
    Uni<Boolean> attach();

    /** The account is at home here since an epoch of the directory; before it is confirmed. Repeatable. */
    Uni<Void> adopted(AccountId account, long epoch);

    @Override
    default boolean digestsItself() {
        return true;
    }
}
