"""One record of a job that goes wrong must not stand in the way of the others."""

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY


def went_well(env, logger, what, step):
    """Take a step in a savepoint; what goes wrong is undone and logged.

    :param logger: of the module whose job it is
    :param what: record the log names
    :param step: function without arguments
    :return: whether it went well; conflicts with others are raised, for the job to be
        tried again
    """
    try:
        with env.cr.savepoint():
            step()
            env.flush_all()
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except Exception:
        logger.exception("Could not go on with %s", what)
        env.invalidate_all()
        return False
    return True
