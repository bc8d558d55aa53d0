namespace Symbolon.Core.Redaction;

/// <summary>
/// What is taken for a secret, in one place to read and to extend. Too much is the right side to err on: what is taken for a secret
/// wrongly is missing from a record, what is not taken for one stays in it for good.
/// </summary>
internal static class SecretPatterns
{
    /// <summary>Found anywhere in a name, once case and separators are gone: <c>X-Api-Key</c> has <c>APIKEY</c>.</summary>
    public static readonly string[] NameParts =
    [
        "PASSWORD", "PASSWD", "PASSPHRASE", "PASSCODE", "SECRET", "TOKEN", "CREDENTIAL", "AUTHORIZATION", "AUTHORISATION", "COOKIE",
        "APIKEY", "ACCESSKEY", "PRIVATEKEY", "SIGNINGKEY", "ENCRYPTIONKEY", "MASTERKEY", "SHAREDKEY", "ACCOUNTKEY", "SSHKEY",
        "SESSIONID", "SESSIONKEY", "SIGNATURE", "CONNECTIONSTRING", "KUBECONFIG", "MNEMONIC", "SEEDPHRASE", "ONETIMECODE", "BEARER",
        "LICENSEKEY", "LICENCEKEY", "HMAC", "PASSWORT", "KENNWORT", "CONTRASENA", "CONTRASEA", "MOTDEPASSE", "WACHTWOORD", "LOSENORD", "LSENORD",
    ];

    /// <summary>One whole word of a name, where words end at a separator or at a change from small to capital letters.</summary>
    public static readonly string[] NameWords =
    [
        "PASS", "PWD", "PW", "PIN", "PAT", "AUTH", "JWT", "OTP", "TOTP", "MFA", "CVV", "CVC", "DSN", "SIG", "SAS", "PASSE", "SENHA", "PAROLA", "HASLO", "HASO",
    ];

    /// <summary>Behind one of these a blank is enough: <c>PASSWORD x</c>.</summary>
    public static readonly string[] PasswordParts =
    [
        "PASSWORD", "PASSWD", "PASSPHRASE", "PASSWORT", "KENNWORT", "CONTRASENA", "CONTRASEA", "MOTDEPASSE", "WACHTWOORD", "LOSENORD", "LSENORD",
    ];

    /// <summary>In any case, wherever in a text or a name: nothing has to follow.</summary>
    public static readonly string[] Phrases = ["identified by", "пароль", "密码", "密碼", "パスワード", "비밀번호"];

    /// <summary>Members of an object that say how the rest of it is called, as in <c>{"name":"Authorization","value":"…"}</c>.</summary>
    public static readonly string[] NamingMembers =
    [
        "name", "key", "header", "field", "variable", "env", "id", "param", "parameter", "attribute", "option", "k",
    ];

    /// <summary>How credentials begin, in exactly this case, and how many of <see cref="SecretText.IsTail"/> have to follow.</summary>
    public static readonly (string Start, int Tail)[] Credentials =
    [
        ("sym_usr_", 8), ("sym_agt_", 8), ("sym_wfl_", 8), ("sym_adm_", 8), ("sym_enr_", 8),        // our own
        ("eyJ", 14),                                                                                // a JWT, or any JSON object in base64
        ("-----BEGIN ", 0), ("---- BEGIN ", 0), ("AGE-SECRET-KEY-", 8), ("PuTTY-User-Key-File-", 0), // PEM and other key files
        ("AKIA", 12), ("ASIA", 12), ("ABIA", 12), ("ACCA", 12),                                     // AWS
        ("ghp_", 16), ("gho_", 16), ("ghu_", 16), ("ghs_", 16), ("ghr_", 16), ("github_pat_", 16),  // GitHub
        ("glpat-", 16), ("gldt-", 16), ("glrt-", 16),                                               // GitLab
        ("xoxa-", 8), ("xoxb-", 8), ("xoxe-", 8), ("xoxe.", 8), ("xoxp-", 8), ("xoxr-", 8), ("xoxs-", 8), ("xapp-", 8), // Slack
        ("AIza", 28), ("ya29.", 16), ("GOCSPX-", 16),                                               // Google
        ("sk-ant-", 8), ("sk-proj-", 8), ("sk-svcacct-", 8), ("sk-", 24),                           // Anthropic, OpenAI
        ("sk_live_", 8), ("sk_test_", 8), ("rk_live_", 8), ("rk_test_", 8), ("whsec_", 8),          // Stripe
        ("npm_", 24), ("pypi-AgE", 16), ("dop_v1_", 32), ("lin_api_", 16), ("lin_oauth_", 16), ("ntn_", 24),
        ("sntrys_", 16), ("sntryu_", 16), ("glsa_", 24), ("ATATT3x", 16), ("figd_", 16), ("sbp_", 24), ("pat-na1-", 16), ("pat-eu1-", 16),
        ("HRKU-", 16), ("hvs.", 16), ("hvb.", 16), ("dapi", 32), ("SG.", 24), ("shpat_", 16), ("tskey-", 8), ("secret_", 32),
    ];

    /// <summary>How a value of the Authorization header begins, in any case; as many characters have to follow the space.</summary>
    public static readonly (string Scheme, int Tail)[] Schemes = [("bearer", 6), ("dpop", 6), ("basic", 12), ("negotiate", 12)];
}
