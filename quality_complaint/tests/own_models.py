"""Our models and fields, for tests that go through all of them."""


def own_models(env, transient=False):
    """Names of the models this app and its bridges make, those of tables only.

    :param bool transient: dialogs instead of records
    """
    return sorted(
        name
        for name, model in env.registry.items()
        if model._original_module.startswith("quality_complaint")
        and model._auto
        and not model._abstract
        and model._transient == transient
    )


def own_fields(model, *types):
    """Stored fields of some types that a caller can give a value."""
    return [
        field
        for field in model._fields.values()
        if field.store
        and field.type in types
        and not field.related
        and field.name not in ("id",)
        and field.name not in ("create_uid", "create_date", "write_uid", "write_date")
    ]
