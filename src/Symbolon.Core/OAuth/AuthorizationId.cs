using System.Security.Cryptography;
using System.Text;
using Symbolon.Core.Identity;

namespace Symbolon.Core.OAuth;

/// <summary>Public name of an authorization: one consent or refresh family, or what a machine client stands for at one resource. <c>aut_</c> and 22 base62 digits.</summary>
public readonly record struct AuthorizationId(string Value)
{
    private const string Prefix = "aut_";

    public static AuthorizationId Create() => new(Base62.NewId(Prefix));

    /// <summary>
    /// That of a client which acts for itself: always the same at one server, so that its sessions outlive its tokens, and all its tokens there
    /// end by one revocation.
    /// </summary>
    public static AuthorizationId Standing(OrganisationId organisation, ClientId client, ServerName server)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{organisation.Value}\n{client.Value}\n{server.Value}"));
        var digits = new char[Base62.IdDigits];
        var rest = new System.Numerics.BigInteger(hash, isUnsigned: true);
        for (var i = 0; i < Base62.IdDigits; i++)
        {
            rest = System.Numerics.BigInteger.DivRem(rest, Base62.Alphabet.Length, out var digit);
            digits[i] = Base62.Alphabet[(int)digit];
        }
        return new AuthorizationId(Prefix + new string(digits));
    }

    public static bool IsValid(ReadOnlySpan<char> text) => Base62.IsId(Prefix, text);

    public override string ToString() => Value;
}
