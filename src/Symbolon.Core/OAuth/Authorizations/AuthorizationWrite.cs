using Symbolon.Core.Identity;

namespace Symbolon.Core.OAuth.Authorizations;

/// <summary>One step in the life of an authorization. What it expects to find is part of it, never read first.</summary>
public abstract record AuthorizationWrite
{
    private AuthorizationWrite() { }

    /// <summary>
    /// Keeps a pushed request. Conflict when as many wait as may: 200 of one client from one network (or of one that proved itself), 400 of one network, and
    /// 2,000 of all that nobody proved.
    /// </summary>
    public sealed record Push(PushedRequest Request) : AuthorizationWrite;

    /// <summary>The pushed request that this step answers, which is used up by it; null where none was pushed. Conflict when it was answered before, or is over.</summary>
    public TokenHash? Pushed { get; init; }

    /// <summary>A person has consented: the authorization and its code. Past fifty of one person and client at one server, the oldest end.</summary>
    public sealed record Grant(Authorization Authorization, AuthorizationCode Code) : AuthorizationWrite;

    /// <summary>A further code of an authorization that was given before. Conflict when that is gone or has run out.</summary>
    public sealed record Again(AuthorizationCode Code) : AuthorizationWrite;

    /// <summary>A request was refused.</summary>
    public sealed record Refuse : AuthorizationWrite;

    /// <summary>Uses the code and begins the family. Conflict when the code is unknown, over or was used.</summary>
    /// <param name="At">Microseconds since the Unix epoch.</param>
    public sealed record Redeem(TokenHash Code, RefreshToken First, long At) : AuthorizationWrite;

    /// <summary>Uses a refresh token for its successor. Conflict when it is unknown, over or was used.</summary>
    /// <param name="At">Microseconds since the Unix epoch.</param>
    public sealed record Rotate(TokenHash Old, RefreshToken Next, long At) : AuthorizationWrite;

    /// <summary>Writes down that the same successor was handed out again.</summary>
    public sealed record Repeat : AuthorizationWrite;
}

public enum AuthorizationCommit
{
    /// <summary>Durable, with the uses and the records.</summary>
    Done,

    /// <summary>One of the uses is a replay: the uses are durable, nothing else was written.</summary>
    Replayed,

    /// <summary>The step did not find what it expected; nothing was written, the uses neither.</summary>
    Conflict,
}
