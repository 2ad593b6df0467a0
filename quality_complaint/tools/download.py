"""A file a person asked for, on its way to their disk."""


def download(env, name, raw, record=None):
    """Keep a file and hand it out.

    :param str name: with its ending
    :param bytes raw: what is in it
    :param record: whose file it is; without one only who made it reads it
    :return: action of the browser
    """
    file = env["ir.attachment"].create(
        {
            "name": name,
            "raw": raw,
            **({"res_model": record._name, "res_id": record.id} if record else {}),
        }
    )
    return {
        "type": "ir.actions.act_url",
        "url": f"/web/content/{file.id}?download=true",
        "target": "self",
    }
