using System.Globalization;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;

namespace Symbolon.Core.Snapshot;

/// <summary>Which authorizations are looked for; what is null is not asked for.</summary>
public sealed record AuthorizationQuery
{
    public UserEmail? User { get; init; }
    public ClientId? Client { get; init; }
    public ServerName? Server { get; init; }
}

/// <summary>The place of an authorization in a list, the youngest first.</summary>
/// <param name="CreatedAt">Microseconds since the Unix epoch.</param>
public readonly record struct AuthorizationMark(long CreatedAt, AuthorizationId Id)
{
    public static AuthorizationMark Of(Authorization authorization) => new(authorization.CreatedAt, authorization.Id);

    /// <summary>Reads what <see cref="ToString"/> writes, and nothing else.</summary>
    public static bool TryParse(string text, out AuthorizationMark mark)
    {
        mark = default;
        if (text.Split('.') is not [var time, var id] || !long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var at) || !AuthorizationId.IsValid(id)) return false;
        mark = new AuthorizationMark(at, new AuthorizationId(id));
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{CreatedAt}.{Id}");
}
