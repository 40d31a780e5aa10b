/* An application around Python that outlives it: runs a program in as many runtimes, one after the
   other, as it is told, and stays for three seconds after the last one has ended. */
#include <Python.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int run(char *python, char *program)
{
    PyConfig config;
    PyConfig_InitPythonConfig(&config);
    char *arguments[] = {python, "-c", program};
    PyStatus status = PyConfig_SetBytesArgv(&config, 3, arguments);
    if (!PyStatus_Exception(status)) {
        status = Py_InitializeFromConfig(&config);
    }
    PyConfig_Clear(&config);
    if (PyStatus_Exception(status)) {
        fprintf(stderr, "driver: %s\n", status.err_msg ? status.err_msg : "no Python");
        return 2;
    }
    int failed = PyRun_SimpleString(program);
    if (Py_FinalizeEx() < 0) {
        return 3;
    }
    return failed != 0;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "driver: PYTHON TIMES PROGRAM\n");
        return 2;
    }
    for (int times = atoi(argv[2]); times > 0; times--) {
        int failed = run(argv[1], argv[3]);
        if (failed) {
            return failed;
        }
    }
    sleep(3);
    return 0;
}
