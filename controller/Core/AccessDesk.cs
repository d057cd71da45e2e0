using WeCan.Contracts;
using WeCan.Contracts.Access;
using WeCan.Contracts.Control.Access;

namespace WeCan.Controller.Core;

/// <summary>
/// Changes of who may come to the bus: each is checked against what there is, noted with who wanted it, and told to the edges when the step is in the
/// store. What is refused is one sentence, and changes nothing.
/// </summary>
internal sealed class AccessDesk(AccessBook book, ApiBook api)
{
    public AccessBook Book => book;

    /// <summary>Adds keys, or gives those that are there other spaces; all of them or none.</summary>
    public AccessOutcome AddKeys(UnixTime now, string who, IReadOnlyList<TokenKey> keys)
    {
        var fresh = keys.Where(key => Find(key.Id) is null).ToList();
        foreach (var key in keys)
        {
            if (Find(key.Id) is { } other && !other.HasPointOf(key))
                return AccessOutcome.Refused($"There is a key \"{key.Id}\" already, and it is another one: give this one another name (\"kid\"), or remove that one first.");
        }

        if (book.Of(AccessKind.Key).Count() + fresh.Count > AccessLimits.MaxKeys)
            return AccessOutcome.Refused($"That would be more than the {AccessLimits.MaxKeys} keys that a network may have: remove some that sign no more.");
        var notes = new List<string>();
        foreach (var key in keys)
        {
            var before = Find(key.Id);
            if (key.Equals(before))
                continue;
            var what = before is null ? $"added key \"{key.Id}\" for {SpacesOf(key)}" : $"bound key \"{key.Id}\" to {SpacesOf(key)}, not {SpacesOf(before)}";
            book.Put(now, who, key.ToRecord());
            api.Note(now, who, what);
            notes.Add(what);
        }

        return new(null, notes);
    }

    public AccessOutcome RemoveKey(UnixTime now, string who, string id)
    {
        if (book.Find(AccessKind.Key, id) is null)
            return AccessOutcome.Refused($"There is no key \"{id}\": \"wecan auth key list\" shows them.");
        book.Remove(AccessKind.Key, id);
        return Noted(now, who, $"removed key \"{id}\"");
    }

    /// <summary>Takes tokens back. What was taken back before for longer stays so.</summary>
    public AccessOutcome Revoke(UnixTime now, string who, Revocation revocation)
    {
        var before = book.Find(AccessKind.Revocation, revocation.Id) is { } row && Revocation.TryRead(row.Record, out var read) ? read : null;
        if (before is null && book.Of(AccessKind.Revocation).Count() >= AccessLimits.MaxRevocations)
            return AccessOutcome.Refused($"There are {AccessLimits.MaxRevocations} revocations, and no more are kept: take the key away that signed what is to be revoked, or wait until some have ended.");
        if (before is not null && before.IssuedUntil >= revocation.IssuedUntil && before.Until >= revocation.Until)
            return new(null, []);
        book.Put(now, who, revocation.ToRecord());
        return Noted(now, who, revocation.IsClient
            ? $"revoked the tokens of {revocation.Space}/{revocation.Name} that are issued until {revocation.IssuedUntil}"
            : $"revoked the token \"{revocation.Name}\" of the space {revocation.Space}");
    }

    /// <summary>Lets count again what was taken back, as by mistake.</summary>
    public AccessOutcome Restore(UnixTime now, string who, string space, bool isClient, string name)
    {
        var id = Revocation.IdOf(space, isClient, name);
        if (book.Find(AccessKind.Revocation, id) is null)
            return AccessOutcome.Refused($"Nothing of {(isClient ? $"the client {space}/{name}" : $"the token \"{name}\" of the space {space}")} is revoked: \"wecan auth revocations\" shows what is.");
        book.Remove(AccessKind.Revocation, id);
        return Noted(now, who, $"restored {(isClient ? $"the tokens of {space}/{name}" : $"the token \"{name}\" of the space {space}")}");
    }

    /// <summary>Says something of a space, in the place of what was said before; a new one has to be new, and another one to be there.</summary>
    public AccessOutcome SetSpace(UnixTime now, string who, Space space, bool isNew)
    {
        var before = book.Find(AccessKind.Space, space.Name) is { } row && Space.TryRead(row.Record, out var read) ? read : null;
        if (isNew && before is not null)
            return AccessOutcome.Refused($"There is a space {space.Name} already: \"wecan space set\" changes it.");
        if (!isNew && before is null)
            return AccessOutcome.Refused($"There is no space {space.Name}: \"wecan space create\" makes one, \"wecan space list\" shows those that there are.");
        if (isNew && book.Of(AccessKind.Space).Count() >= AccessLimits.MaxSpacesSaid)
            return AccessOutcome.Refused($"There are {AccessLimits.MaxSpacesSaid} spaces, as many as a network may have: remove one.");
        if (space.Equals(before))
            return new(null, []);
        book.Put(now, who, space.ToRecord());
        var where = space.Regions.Count == 0 ? "open in all regions" : $"pinned to {string.Join(", ", space.Regions)}";
        return Noted(now, who, $"{(isNew ? "created" : "set")} the space {space.Name}, {where}");
    }

    public AccessOutcome RemoveSpace(UnixTime now, string who, string name)
    {
        if (book.Find(AccessKind.Space, name) is null)
            return AccessOutcome.Refused($"There is no space {name}: \"wecan space list\" shows those that there are.");
        book.Remove(AccessKind.Space, name);
        return Noted(now, who, $"removed the space {name}, which is open in all regions to who has a token for it");
    }

    private TokenKey? Find(string id) => book.Find(AccessKind.Key, id) is { } row && TokenKey.TryRead(row.Record, out var key) ? key : null;

    private AccessOutcome Noted(UnixTime now, string who, string what)
    {
        api.Note(now, who, what);
        return new(null, [what]);
    }

    private static string SpacesOf(TokenKey key) => key.Spaces.Count == 0 ? "all spaces" : $"the {(key.Spaces.Count == 1 ? "space" : "spaces")} {string.Join(", ", key.Spaces)}";
}
