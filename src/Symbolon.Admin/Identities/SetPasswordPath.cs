namespace Symbolon.Admin.Identities;

/// <summary>Where a one-time link leads by which somebody sets a password.</summary>
internal static class SetPasswordPath
{
    public const string Value = "/sign-in/set-password";

    /// <returns>The path with the secret, to be put behind the console's origin and given to that person alone.</returns>
    public static string Of(string secret) => $"{Value}?link={Uri.EscapeDataString(secret)}";
}
